#!/bin/sh
# Runs a command that ends with its parent: with-parent.sh <grace seconds> <command> [argument...]
# Standard input is the parent's end of a pipe. When it closes (the parent says stop, or is gone,
# even by SIGKILL) a guard sends SIGTERM to the whole process group, and SIGKILL once the command
# has ended or the grace is over. The caller starts this script as leader of its own group
# (`detached`): the command takes over this process by exec, so that its pid and its exit code are
# the command's own, and a pid cannot be reused while the guard is in its group.
grace=$1
shift
exec 3<&0
(
  trap '' TERM INT HUP
  while read -r line; do :; done <&3
  kill -TERM 0
  tenths=$((grace * 10))
  while [ "$tenths" -gt 0 ] && kill -0 $$; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -KILL 0
) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
