"""The screen that copies a journey."""

from flask import Blueprint

bp = Blueprint("copies", __name__)
