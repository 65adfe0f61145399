import { Command } from 'commander';
import { routeCheckCommand } from './route-check.js';
import { routeTestCommand } from './route-test.js';

export function routeCommand(): Command {
  return new Command('route').addCommand(routeCheckCommand()).addCommand(routeTestCommand());
}
