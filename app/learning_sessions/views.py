from flask import Blueprint

bp = Blueprint("learning_sessions", __name__)
