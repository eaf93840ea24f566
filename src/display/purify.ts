/** Markup of a guest's without what could do anything. What is left is still shown only where it could not. */
import createDOMPurify, { type Config, type DOMPurify } from 'dompurify';

/** Elements of one picture or text: more would keep the page busy. */
const MOST_ELEMENTS = 20_000;

/** Nothing that fetches, sends, plays, nests a page, or is drawn again and again. */
const FORBIDDEN_TAGS = [
  ...['form', 'input', 'button', 'textarea', 'select', 'option', 'optgroup', 'dialog', 'datalist'],
  ...[
    'iframe',
    'frame',
    'frameset',
    'object',
    'embed',
    'base',
    'meta',
    'link',
    'script',
    'template',
  ],
  ...[
    'audio',
    'video',
    'source',
    'track',
    'picture',
    'map',
    'area',
    'slot',
    'use',
    'foreignObject',
  ],
  ...[
    'animate',
    'animateMotion',
    'animateTransform',
    'set',
    'filter',
    'mpath',
    'maction',
    'image',
    'feImage',
  ],
];
const FORBIDDEN_ATTRIBUTES = [
  ...['action', 'formaction', 'target', 'ping', 'srcset', 'background', 'poster', 'autofocus'],
  ...['tabindex', 'accesskey', 'contenteditable', 'popover', 'is', 'download', 'usemap'],
];
const REFERENCES = ['href', 'xlink:href', 'src', 'lowsrc', 'data', 'altimg', 'actiontype'];
const PLAIN_PICTURE = /^data:image\/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*$/;

export type MarkupKind = 'html' | 'svg' | 'mathMl';

const PROFILES: Readonly<Record<MarkupKind, NonNullable<Config['USE_PROFILES']>>> = {
  html: { html: true, svg: true, mathMl: true },
  svg: { svg: true },
  mathMl: { mathMl: true },
};

let purifier: DOMPurify | undefined;

/** With hooks of our own, which no other user of the library shares. */
function ownPurifier(): DOMPurify {
  if (purifier !== undefined) return purifier;
  purifier = createDOMPurify(window);
  purifier.addHook('afterSanitizeAttributes', (element) => {
    for (const name of REFERENCES) {
      const value = element.getAttribute(name);
      if (value === null) continue;
      const isInside = value.startsWith('#') && element.localName !== 'a';
      const isPicture = name === 'src' && element.localName === 'img' && PLAIN_PICTURE.test(value);
      if (!isInside && !isPicture) element.removeAttribute(name);
    }
  });
  return purifier;
}

/** In a document of its own, which nothing is loaded into. Throws `RangeError` for too many elements. */
export function purify(markup: string, kind: MarkupKind): DocumentFragment {
  const fragment = ownPurifier().sanitize(markup, {
    USE_PROFILES: PROFILES[kind],
    FORBID_TAGS: FORBIDDEN_TAGS,
    FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    // A sheet of styles at the beginning stays where it is.
    FORCE_BODY: true,
    RETURN_DOM_FRAGMENT: true,
  });
  if (fragment.querySelectorAll('*').length > MOST_ELEMENTS) {
    throw new RangeError(`it has more than ${MOST_ELEMENTS} elements`);
  }
  return fragment;
}
