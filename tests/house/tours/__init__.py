"""Walks through groups of screens, for the test that every template is used.

Each module has `visit(app, people, offering_id)`, where `people` is the Cast around the offering.
"""
