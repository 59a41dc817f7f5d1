from tests.community.accounts.letters import letters as letters
from tests.community.importing.conftest import bring_in as bring_in
