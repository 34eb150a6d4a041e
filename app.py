"""The app: `python app.py` serves it, and a WSGI server finds `app:create_app`."""

from graphviz_backprop.web import create_app

__all__ = ["create_app"]

if __name__ == "__main__":
    from graphviz_backprop.web.server import serve

    serve(create_app)
