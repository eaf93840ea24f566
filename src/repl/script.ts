/**
 * `<glovebox-repl>` as a classic script, in one file: browsers keep what they have compiled of it (Chromium keeps it of modules
 * too, but does not use that).
 */
import './begin';
import './define-repl';
