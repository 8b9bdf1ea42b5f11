"""Server-rendered pages under ``/app``, a feature a folder; docs/pages.md says how one is added."""
