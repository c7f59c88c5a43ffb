"""Adapter: SQLite and PostgreSQL through SQLAlchemy."""
