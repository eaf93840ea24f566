"""Text of many scripts. Stresses: unicodedata, normal forms, encoding and decoding, cases, classes of letters."""

import unicodedata

SAMPLE = (
    'Gr\u00fc\u00dfe aus K\u00f6ln, \u00e7a va? \u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ac '
    '\u0440\u0443\u0441\u0441\u043a\u0438\u0439 \u0939\u093f\u0928\u094d\u0926\u0940 '
    '\u65e5\u672c\u8a9e\u3067\u3059 \ud55c\uad6d\uc5b4 \u05e2\u05d1\u05e8\u05d9\u05ea \U0001f600\U0001f680 '
    '\ufb01n \u212b \u00bd \u0130stanbul \u1e9e'
)


def classes(text):
    counts = {}
    for letter in text:
        kind = unicodedata.category(letter)
        counts[kind] = counts.get(kind, 0) + 1
    return sorted(counts.items())


def run(size):
    text = ' '.join(f'{n}{SAMPLE[n % 40 :]}' for n in range(size))
    forms = [len(unicodedata.normalize(form, text)) for form in ('NFC', 'NFD', 'NFKC', 'NFKD')]
    codecs = []
    for name in ('utf-8', 'utf-16-le', 'utf-32-be', 'utf-7'):
        encoded = text.encode(name)
        codecs.append(len(encoded))
        if encoded.decode(name) != text:
            raise ValueError(f'{name} does not give the text again')
    plain = text.encode('ascii', 'xmlcharrefreplace').decode('ascii')
    latin = text.encode('latin-1', 'ignore').decode('latin-1')
    folded = text.casefold()
    cases = (len(text.upper()), len(text.title()), text.lower().count('\u03bb'), folded.count('ss'))
    letters = sum(letter.isalpha() for letter in text)
    digits = sum(unicodedata.digit(letter, 0) for letter in text[:4000])
    bare = ''.join(c for c in unicodedata.normalize('NFD', text[:20000]) if not unicodedata.combining(c))
    return f'{forms} {codecs} {len(plain)} {len(latin)} {cases} {letters} {digits} {len(bare)} {classes(text)[0]}'
