"""What a table may hold at most."""

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 10_000

# Of what an XLSX file unpacks to: all of it, its table of texts, and each small part, which is read whole.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_TEXTS = 100 * 1024 * 1024
MOST_OTHER_PART = 10 * 1024 * 1024
MOST_PARTS = 1_000
