"""The blueprint of the pages about messages."""

from flask import Blueprint

bp = Blueprint("notices", __name__)
