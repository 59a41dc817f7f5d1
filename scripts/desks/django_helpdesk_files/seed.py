"""One queue, an account for the bridge, one for an agent, and the fields in which our references are kept."""

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - models exist after the set-up
from helpdesk.models import CustomField, Queue  # noqa: E402

for account in ("bridge", "agent"):
    User.objects.create_superuser(account, f"{account}@desk.test", f"{account}-test-1")
Queue.objects.create(title="Community", slug="community")
for place, name in enumerate(("external_ref", "thread_url", "query_type")):
    CustomField.objects.create(
        name=name, label=name, data_type="varchar", max_length=200, required=False, staff_only=True, ordering=place
    )
