"""What can be asked of this service, one module a use case, and the steps that `create_preview` is made of.

create_preview       the rooms of a page: stored ones, or computed once for all callers
process_page         the same for a page from the queue
request_pages        pages are stored and queued, for workers
list_pages           how far the pages of a job have come
cancel_pages         those that still wait are taken back
requeue_pages        what has waited long is put into the queue again
read_preview         what is stored of a page
export_pages         one file of all completed pages
read_text            the text of a page, as Textract read it
draw_picture         the page with its rooms, as PNG
erase_results        everything that is stored of a job

serve_stored         a job gets results that exist already
compute_preview      one computes it, the others wait (`preview.single_flight`); what was found is stored
analyse_page         from the stored file to named rooms
record_page          a caller's page is a page of its job, whose counts give the job's state
save_pages           pages and counts, in one transaction
report_pages         the jobs service learns how far pages have come
write_result         text and preview to the bucket
given_scales         kept with the pages, applied to each answer
"""

from dataclasses import dataclass

from preview.use_cases.cancel_pages import CancelPages
from preview.use_cases.create_preview import CreatePreview
from preview.use_cases.draw_picture import DrawPicture
from preview.use_cases.erase_results import EraseResults
from preview.use_cases.export_pages import ExportPages
from preview.use_cases.list_pages import ListPages
from preview.use_cases.process_page import ProcessPage
from preview.use_cases.read_preview import ReadPreview
from preview.use_cases.read_text import ReadText
from preview.use_cases.request_pages import RequestPages
from preview.use_cases.requeue_pages import RequeuePages


@dataclass(frozen=True, slots=True)
class UseCases:
    create_preview: CreatePreview
    process_page: ProcessPage
    request_pages: RequestPages
    list_pages: ListPages
    cancel_pages: CancelPages
    requeue_pages: RequeuePages
    read_preview: ReadPreview
    export_pages: ExportPages
    read_text: ReadText
    draw_picture: DrawPicture
    erase_results: EraseResults
