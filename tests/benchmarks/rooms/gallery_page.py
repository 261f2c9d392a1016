"""The gallery's page: the overlays of every set, worst plans first."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from evaluation import Score
from gallery import picture_path
from measuring import Outcome

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Room detection</title>
<style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 1.5rem; background: #f4f4f2; color: #222 }
nav a { margin-right: 1.2em; white-space: nowrap }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem }
figure { margin: 0; padding: .6rem; background: #fff; border: 1px solid #ddd }
img { width: 100%; height: 18rem; object-fit: contain }
.found { color: #009600 } .missed { color: #e60000 } .right { color: #005ac8 } .wrong { color: #c800c8 }
</style>
<h1>Room detection</h1>
<p>Annotated boxes: <b class="found">found</b>, <b class="missed">missed</b>.
Predicted rooms: <b class="right">right</b>, <b class="wrong">wrong</b>.
Worst plans first; a click enlarges.</p>
"""


def write_page(folder: Path, outcomes: Mapping[str, Sequence[Outcome]]) -> Path:
    """Writes ``index.html`` beside the pictures of ``outcomes``, by set; returns its path."""
    links = (f'<a href="#{quote(name)}">{escape(name)}</a>' for name in outcomes)
    parts = [HEAD, f"<nav>{''.join(links)}</nav>"]
    for name, of_set in outcomes.items():
        figures = _figures(Score.total(outcome.score for outcome in of_set))
        parts.append(f'<h2 id="{escape(name)}">{escape(name)}</h2><p>{len(of_set)} plans: {figures}</p>')
        parts.append(f"<section>{''.join(map(_card, worst_first(of_set)))}</section>")
    page = folder / "index.html"
    folder.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def worst_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """By F1 of boxes (recall where only that is known), plans without either last."""

    def rank(outcome: Outcome) -> tuple[float, str]:
        figure = outcome.score.boxes.f1_or_recall
        return (2.0 if figure is None else figure, outcome.plan.plan_id)

    return sorted(outcomes, key=rank)


def _card(outcome: Outcome) -> str:
    plan, boxes = outcome.plan, outcome.score.boxes
    source = quote(picture_path(Path(), plan).as_posix())
    missed = f'<b class="missed">{boxes.annotated - boxes.found} missed</b>'
    wrong = "" if plan.recall_only else f', <b class="wrong">{boxes.predicted - boxes.right} wrong</b>'
    return (
        f'<figure><a href="{source}"><img loading="lazy" alt="" src="{source}" '
        f'width="{plan.width_px}" height="{plan.height_px}"></a>'
        f"<figcaption><b>{escape(plan.plan_id)}</b><br>{boxes.found} of {boxes.annotated} rooms, "
        f"{missed}{wrong}, {outcome.seconds:.2f} s<br>{_figures(outcome.score)}</figcaption></figure>"
    )


def _figures(score: Score) -> str:
    known = ((name, figure) for name, figure in score.figures.items() if figure is not None)
    return ", ".join(f"{name} {figure:.2f}" for name, figure in known)
