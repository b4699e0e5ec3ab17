from flask import Blueprint

bp = Blueprint("toolkits", __name__)
