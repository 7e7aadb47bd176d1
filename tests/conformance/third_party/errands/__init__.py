"""What a third-party client does at the sandbox, subject by subject.

An errand is a function with a `Desk`. Between them they use every operation that the sandbox offers; `drive.py`
fails when one is left out.
"""

from . import application_user, device, group_and_user, line, parameter, phone_config, phone_service, refusals, sql

SUBJECTS = (application_user, phone_service, device, line, phone_config, group_and_user, parameter, sql, refusals)
ALL = [errand for subject in SUBJECTS for errand in subject.ERRANDS]
