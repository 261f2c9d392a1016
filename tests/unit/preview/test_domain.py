from builders_preview import OWNER, SHA256, a_preview
from preview.domain.preview import Degraded
from preview.domain.result_keys import analysis_key, cache_key, preview_key


def test_the_cache_key_is_salted_with_the_owner() -> None:
    mine, theirs = cache_key(SHA256, OWNER, "1.0.0", 1), cache_key(SHA256, "other", "1.0.0", 1)
    assert mine != theirs
    assert SHA256 not in mine
    assert mine.startswith("preview:")
    assert mine.endswith(":1.0.0")


def test_pages_after_the_first_have_keys_of_their_own() -> None:
    assert cache_key(SHA256, OWNER, "1.0.0", 2) == cache_key(SHA256, OWNER, "1.0.0", 1) + ":p2"
    assert preview_key("job_1", "1.0.0", 2) == "cache/preview/job_1/1.0.0.p2.json"
    assert analysis_key("job_1", 1) == "cache/textract/job_1/analysis.json"
    assert analysis_key("job_1", 2) == "cache/textract/job_1/analysis.p2.json"


def test_reasons_are_named_once_and_in_order() -> None:
    preview = a_preview().with_degraded(Degraded.STATE_NOT_SAVED, Degraded.TEXTRACT_UNAVAILABLE)
    assert preview.with_degraded(Degraded.STATE_NOT_SAVED).degraded == (
        Degraded.TEXTRACT_UNAVAILABLE,
        Degraded.STATE_NOT_SAVED,
    )
