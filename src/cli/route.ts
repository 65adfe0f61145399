import { Command } from 'commander';
import { routeCheckCommand } from './route-check.js';
import { routeTestCommand } from './route-test.js';

export function routeCommand(): Command {
  return new Command('route')
    .description('check routing files, and try them with an alert; nobody is called')
    .addCommand(routeCheckCommand())
    .addCommand(routeTestCommand());
}
