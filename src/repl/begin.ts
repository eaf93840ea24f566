/** The first thing that the script of `<glovebox-repl>` does. */
import { preloadFor } from './preload';

preloadFor('glovebox-repl');
