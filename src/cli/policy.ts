import { Command } from 'commander';
import { policyCheckCommand } from './policy-check.js';
import { policyShowCommand } from './policy-show.js';
import { policySimulateCommand } from './policy-simulate.js';

export function policyCommand(): Command {
  return new Command('policy')
    .addCommand(policyCheckCommand())
    .addCommand(policyShowCommand())
    .addCommand(policySimulateCommand());
}
