"""Tagged PDFs (PDF/UA-1) of what the court reads: the same words as the screen, from the same Structs."""

from monitor.documents.bench import bench_pdf
from monitor.documents.docket import compact_pdf, docket_pdf
from monitor.documents.notice import notice_pdf
from monitor.documents.order import order_pdf, packet_pdf
from monitor.documents.report import report_pdf

__all__ = ["bench_pdf", "compact_pdf", "docket_pdf", "notice_pdf", "order_pdf", "packet_pdf", "report_pdf"]
