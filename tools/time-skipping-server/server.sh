#!/bin/sh
# Starts Temporal's time-skipping test server: server.sh <port>. The jars lie beside it in lib/.
# The SDK, when it starts this file, waits 5 s for an answer. A bare JVM can take longer on a busy
# machine; the class data archive, which a first run writes to $WRITE_CLASS_ARCHIVE when it is
# stopped, brings the start below one second. An archive that does not fit the JVM is ignored.
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${WRITE_CLASS_ARCHIVE:-}" ]; then
  archive="-XX:ArchiveClassesAtExit=$WRITE_CLASS_ARCHIVE"
else
  archive="-XX:SharedArchiveFile=$here/classes.jsa"
fi
exec java -XX:+IgnoreUnrecognizedVMOptions "$archive" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable \
  -cp "$(printf '%s:' "$here"/lib/*.jar)" io.temporal.testserver.TestServer "$@"
