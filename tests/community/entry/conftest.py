from tests.community.accounts.letters import letters as letters
