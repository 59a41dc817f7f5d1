# Prints a token for each account: "name token".
use lib '/usr/share/request-tracker5/lib';
use RT;
RT::LoadConfig();
RT::Init();
require RT::AuthToken;
for my $name (qw(bridge agent)) {
    my $user = RT::User->new(RT->SystemUser);
    $user->Load($name);
    my ($made, $said, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->id, Description => 'tests');
    die $said unless $made;
    print "$name $token\n";
}
