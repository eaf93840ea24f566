/** The elements as a classic script, in one file: see that of the prompt. */
import '../repl/begin';
import '../repl/define-repl';
import './elements';
