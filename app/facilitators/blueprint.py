from flask import Blueprint

bp = Blueprint("facilitators", __name__)
