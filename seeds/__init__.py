"""The demonstration data: five real learning programmes, and invented people who take part in them.

One file per story. Everything goes through the operations that the screens use. Facts about real programmes
are retold in our own words and nothing is added to them; what is invented says so on its page.
"""
