"""From words to labels: merging, lines, patterns, lexicon."""
