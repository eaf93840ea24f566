/** Firefox through WebDriver BiDi, which it speaks itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './bidi.mjs';
import { startProcess, temporaryFolder } from './processes.mjs';

/** A profile that asks nothing, fetches nothing and reports nothing. */
const preferences = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutConfig.showWarning': false,
  'browser.region.network.url': '',
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.tabs.warnOnClose': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.max_script_run_time': 0,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'toolkit.telemetry.unified': false,
};

/** @param {string} folder */
function writeProfile(folder) {
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(folder, 'user.js'), lines.join(''));
}

/** @returns {Promise<import('./index.mjs').Browser>} */
export async function openFirefox() {
  const profile = temporaryFolder();
  writeProfile(profile.folder);
  const firefox = startProcess([
    ...['firefox-esr', '--headless', '--no-remote', '--profile', profile.folder],
    ...['--remote-debugging-port', '0'],
  ]);
  const close = async () => {
    await firefox.end();
    profile.remove();
  };
  try {
    const [, address = ''] = await firefox.says(/WebDriver BiDi listening on (ws:\S+)/);
    const connection = await connect(`${address}/session`);
    const { capabilities } = await connection.send('session.new', { capabilities: {} });
    const { contexts } = await connection.send('browsingContext.getTree', {});
    const { context } = contexts[0];
    return {
      version: `Firefox ${capabilities.browserVersion}`,
      open: async (url) => {
        await connection.send('browsingContext.navigate', { context, url, wait: 'complete' });
      },
      read: async (expression) => {
        const { result, exceptionDetails } = await connection.send('script.evaluate', {
          expression: `JSON.stringify(${expression})`,
          target: { context },
          awaitPromise: true,
        });
        if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
        return result.type === 'string' ? JSON.parse(result.value) : undefined;
      },
      close: async () => {
        connection.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
