"""The database: models by feature, sessions, migrations. SQLite by default, PostgreSQL by URL."""
