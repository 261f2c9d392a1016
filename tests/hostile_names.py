"""Names that somebody may give a file, and whether a job may have them."""

from hostile_files import CANARY

KEPT = {
    "of a folder above": f"../../../etc/{CANARY}",
    "of a folder above, in Windows": f"..\\..\\{CANARY}",
    "of a folder above, escaped": f"%2e%2e%2f{CANARY}%00.png",
    "of a root": f"/etc/{CANARY}",
    "of a drive": f"C:\\{CANARY}.png",
    "of a stream": f"{CANARY}.png:stream",
    "of a folder": f"{CANARY}/",
    "of dots": "....",
    "of one dot": ".",
    "of spaces": "   ",
    "hidden": f".{CANARY}",
    "empty": "",
    "of a device": "CON",
    "of a device, with an extension": "aux.png",
    "of a command": f"$(id);`id`|{CANARY}&&",
    "of an option": f"--{CANARY}",
    "of a formula": f"=HYPERLINK({CANARY})",
    "of a page": f"<script>alert('{CANARY}')</script>.png",
    "with quotes": f'{CANARY}"; filename="a.exe"; x=\'',
    "with a backslash at its end": f"{CANARY}\\\\",
    "written backwards": f"{CANARY}\u202egnp.exe",
    "with letters that add up": CANARY + "e\u0301" + "\u0302" * 300,
    "in another script": f"{CANARY} Grundriß 平面図 مخطط.png",
    "with a picture": f"{CANARY} \U0001f3e0\ufe0f.png",
    "with letters of no width": f"{CANARY}\u200b\u200d\ufeff.png",
    "with a line of Unicode": f"{CANARY}\u2028\u2029.png",
    "with another extension": f"{CANARY}.html",
    "as long as can be": CANARY + "a" * (1024 - len(CANARY)),
}

REFUSED = {
    "with another header": f"{CANARY}.png\r\nSet-Cookie: a={CANARY}",
    "with an end of line": f"{CANARY}\n.png",
    "with a null": f"{CANARY}\0.png",
    "with an escape": f"\x1b[31m{CANARY}.png",
    "with a delete": f"{CANARY}\x7f.png",
    "with a control of the upper half": f"{CANARY}\x9b.png",
    "with half a letter": f"{CANARY}\ud800.png",
    "of 4,096 letters": CANARY + "a" * (4096 - len(CANARY)),
}
