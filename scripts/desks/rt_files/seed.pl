# A queue with fields for our references, an account for the bridge and for an agent.
my @ticket_field = (Queue => ['Community'], LookupType => 'RT::Queue-RT::Ticket');
my @kinds = qw(incident disaster service_request change_request complaint compliment improvement security);

@Queues = ({ Name => 'Community', CorrespondAddress => 'community@desk.test', CommentAddress => 'notes@desk.test' });
@CustomFields = (
    { Name => 'ExternalRef', Type => 'FreeformSingle', UniqueValues => 1, @ticket_field },
    { Name => 'ThreadURL', Type => 'FreeformSingle', @ticket_field },
    { Name => 'QueryType', Type => 'SelectSingle', Values => [ map { { Name => $_ } } @kinds ], @ticket_field },
);
@Users = map { { Name => $_, RealName => ucfirst($_), EmailAddress => "$_\@desk.test", Privileged => 1,
    Password => "$_-test-1" } } qw(bridge agent);

# Notes are shown to the bridge too: what it may read and yet must never pass on is the better test.
my @bridge = qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ReplyToTicket CommentOnTicket ModifyTicket
    SeeCustomField ModifyCustomField);
my @agent = (@bridge, qw(OwnTicket DeleteTicket));
@ACL = (
    (map { { UserId => 'bridge', Right => $_, Queue => 'Community' } } @bridge),
    (map { { UserId => 'agent', Right => $_, Queue => 'Community' } } @agent),
);
@Scrips = ({
    Queue => 'Community', Description => 'Tell the bridge', Stage => 'TransactionCreate', Template => 'Blank',
    ScripCondition => 'User Defined', ScripAction => 'User Defined', CustomPrepareCode => 'return 1;',
    CustomIsApplicableCode => 'return $ENV{BRIDGE_HOOK_URL} && $self->TransactionObj->Type ne "Comment";',
    CustomCommitCode => q{
        require Digest::SHA; require JSON; require LWP::UserAgent;
        my $change = { event => $self->TransactionObj->Type, ticket => $self->TicketObj->id + 0 };
        my $body = JSON->new->canonical->utf8->encode($change);
        my $signature = Digest::SHA::hmac_sha256_hex($body, $ENV{BRIDGE_HOOK_SECRET});
        my $answer = LWP::UserAgent->new(timeout => 3)->post($ENV{BRIDGE_HOOK_URL}, Content => $body,
            'Content-Type' => 'application/json', 'X-Bridge-Signature' => "sha256=$signature");
        RT->Logger->warning('The bridge was not told: ' . $answer->status_line) unless $answer->is_success;
        return 1;
    },
});
1;
