"""Importing a table of people into a journey: upload, dry run, all or nothing.

`columns` names what a table may hold, `persons` understands a row, `judging` decides what applying would do
with it. `checking` makes the dry run, `applying` applies it; both run in the worker (`work`). `uploads` is
what the screens do, `listing` what they show.
"""
