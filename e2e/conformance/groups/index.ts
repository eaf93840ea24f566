import type { Group } from '../suite';
import { capabilities } from './capabilities';
import { death } from './death';
import { depth } from './depth';
import { elements } from './elements';
import { files } from './files';
import { flood } from './flood';
import { hostile } from './hostile';
import { images } from './images';
import { input } from './input';
import { interrupt } from './interrupt';
import { limits } from './limits';
import { run } from './run';

export const groups: Readonly<Record<string, Group>> = {
  run,
  images,
  capabilities,
  input,
  files,
  interrupt,
  limits,
  depth,
  death,
  flood,
  hostile,
  // They start guests of their own, which those who count workers would see.
  elements,
};
