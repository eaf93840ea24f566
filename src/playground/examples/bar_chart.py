"""A chart of letters, drawn with nothing but text."""
from collections import Counter

TEXT = """
Errors should never pass silently.
Unless explicitly silenced.
In the face of ambiguity, refuse the temptation to guess.
"""

def chart(values, width=40):
    largest = max(values.values())
    for label, value in values.most_common(12):
        eighths = round(value / largest * width * 8)
        bar = "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
        print(f"{label:>3} {bar} {value}")

chart(Counter(letter for letter in TEXT.lower() if letter.isalpha()))
