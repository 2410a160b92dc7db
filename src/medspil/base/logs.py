"""What the web log may not hold: the secret part of an address."""

import logging
import re

# The links that let somebody in, the answer pages and the calendar feeds all carry one long random segment.
SECRET_SEGMENT = re.compile(r"(?<=/)[\w:=.-]{20,}(?=[/?\s'\"]|$)")


class WithoutSecrets(logging.Filter):
    """Masks long random segments of a path in every line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        masked = SECRET_SEGMENT.sub("…", said)
        if masked != said:
            record.msg, record.args = masked, None
        return True
