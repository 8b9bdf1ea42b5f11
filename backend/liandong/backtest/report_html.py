from pathlib import Path
def write_html(path, statement): path.write_text("")
