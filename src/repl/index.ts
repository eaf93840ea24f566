/** Makes `<glovebox-repl>` known to the page. */
import './begin';

/** With all that it needs: it comes while Python does. */
const { GloveboxRepl } = await import('./define-repl');
type GloveboxRepl = InstanceType<typeof GloveboxRepl>;

export { GloveboxRepl };
