/**
 * Holds the conformance page in a frame and hands on its report. In the address: `sandboxed` takes the
 * frame's origin away; the rest is the frame's.
 */
const wanted = new URLSearchParams(location.search);
const frame = document.createElement('iframe');
if (wanted.has('sandboxed')) {
  frame.setAttribute('sandbox', 'allow-scripts');
  wanted.delete('sandboxed');
}
// Without it a frame of another origin is never isolated, whatever its headers.
frame.allow = 'cross-origin-isolated';
frame.src = `conformance.html?${wanted}`;
frame.style.cssText = 'width: 100%; height: 90vh';

addEventListener('message', ({ data, source }: MessageEvent<unknown>) => {
  if (source === frame.contentWindow) Object.assign(globalThis, { conformance: data });
});
document.body.append(frame);
