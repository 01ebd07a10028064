"""Name the types of documents: as the district calls them, else as shipped in the reader's language."""

from dispatch.domain import document_types
from dispatch.domain.settings import DocumentType
from dispatch.messages.labels import label
from dispatch.services import options


def document_name(code: str) -> str:
    """Return the name of a type of documents; the code itself for an unknown one."""
    own = options.read_for_page(document_types.DEFAULT).label_of(code)
    if own or code not in set(DocumentType):
        return own or code
    return label(DocumentType(code))
