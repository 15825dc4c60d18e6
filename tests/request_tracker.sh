#!/bin/sh
# Run a real Request Tracker 5 for the tests, on SQLite and 127.0.0.1, with nothing outside its own folder.
#
#   request_tracker.sh install    install Debian's packages (root)
#   request_tracker.sh start      make the database, queues, user and token if they are not there; then serve
#   request_tracker.sh stop       stop serving; the tickets stay
#
# RT_STATE is the folder, RT_PORT the port. The token of the user "portal", who has the least rights that the channel
# needs in the queues L1 and L2 and none in L3, is then in $RT_STATE/token.
# shellcheck disable=SC2086 # $as and $mailer are words, or none
set -eu

state=${RT_STATE:-/tmp/request-tracker}
port=${RT_PORT:-8085}
export RT_SITE_CONFIG="$state/RT_SiteConfig.pm" RT_SITE_CONFIG_DIR="$state/none" PATH="$PATH:/usr/sbin"

# Request Tracker serves as its own user when root starts it.
as=
[ "$(id -u)" != 0 ] || as="setpriv --reuid=www-data --regid=www-data --init-groups"

install() {
  export DEBIAN_FRONTEND=noninteractive
  debconf-set-selections <<'END'
request-tracker5 request-tracker5/rtname string rt.test
request-tracker5 request-tracker5/organization string rt.test
request-tracker5 request-tracker5/install-cronjobs boolean false
request-tracker5 request-tracker5/dbconfig-install boolean false
msmtp msmtp/apparmor boolean false
END
  mailer=
  [ -x /usr/sbin/sendmail ] || mailer=msmtp-mta # the package wants one; the tests never use it
  apt-get -qq update
  apt-get -y -qq -o DPkg::Lock::Timeout=120 install --no-install-recommends \
    request-tracker5 rt5-db-sqlite rt5-standalone curl $mailer </dev/null
}

configure() {
  mkdir -p "$state/mason" "$state/sessions"
  cat >"$RT_SITE_CONFIG" <<END
\$RT::MasonDataDir = '$state/mason';
\$RT::MasonSessionDir = '$state/sessions';
Set(\$rtname, 'rt.test');
Set(\$Organization, 'rt.test');
Set(\$DatabaseType, 'SQLite');
Set(\$DatabaseName, '$state/rt.sqlite');
Set(\$WebDomain, '127.0.0.1');
Set(\$WebPort, $port);
Set(\$WebBaseURL, 'http://127.0.0.1:$port');
Set(\$WebPath, '');
Set(\$LogToSyslog, undef);
Set(\$LogToSTDERR, 'warning');
Set(\$MailCommand, 'sendmailpipe');
Set(\$SendmailPath, '/bin/true');
1;
END
  [ -z "$as" ] || chown -R www-data:www-data "$state"
}

fill() {
  $as rt-setup-database-5 --action init --skip-create >"$state/setup.log" 2>&1 || {
    cat "$state/setup.log" >&2
    return 1
  }
  cat >"$state/fill.pl" <<'END'
use strict; use warnings;
use lib '/usr/local/share/request-tracker5/lib', '/usr/share/request-tracker5/lib';
use RT -init;
my $system = RT->SystemUser;
my $portal = RT::User->new($system);
my ($done, $why) = $portal->Create(Name => 'portal', EmailAddress => 'portal@rt.test', Privileged => 1);
die $why unless $done;
for my $name (qw(L1 L2 L3)) {
  my $queue = RT::Queue->new($system);
  ($done, $why) = $queue->Create(Name => $name);
  die $why unless $done;
  next if $name eq 'L3';
  $portal->PrincipalObj->GrantRight(Right => $_, Object => $queue)
    for qw(SeeQueue CreateTicket ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket);
}
my $token = RT::AuthToken->new($system);
($done, $why, my $written) = $token->Create(Owner => $portal->Id, Description => 'tests');
die $why unless $done;
print "$written\n";
END
  (umask 077 && $as perl "$state/fill.pl" >"$state/token.new" 2>"$state/fill.log") || {
    cat "$state/fill.log" >&2
    return 1
  }
  mv "$state/token.new" "$state/token"
}

answers() {
  curl -sf -o /dev/null -H "Authorization: token $(cat "$state/token")" "http://127.0.0.1:$port/REST/2.0/rt"
}

start() {
  if [ -s "$state/pid" ] && kill -0 "-$(cat "$state/pid")" 2>/dev/null; then
    return 0
  fi
  configure
  [ -s "$state/token" ] || fill
  setsid $as /usr/share/request-tracker5/libexec/rt-server --server Starlet --host 127.0.0.1 --port "$port" \
    --max-workers 2 --max-reqs-per-child 10000 >>"$state/server.log" 2>&1 </dev/null &
  echo $! >"$state/pid"
  tries=0
  until answers; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$(cat "$state/pid")" 2>/dev/null; then
      tail -n 20 "$state/server.log" >&2
      stop
      return 1
    fi
    sleep 0.5
  done
}

# The server leads a group of its own: its workers end with it.
stop() {
  [ -s "$state/pid" ] || return 0
  pid=$(cat "$state/pid")
  rm -f "$state/pid"
  kill -TERM "-$pid" 2>/dev/null || return 0
  tries=0
  while kill -0 "-$pid" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || kill -KILL "-$pid" 2>/dev/null || true
    sleep 0.2
  done
}

case "${1:-}" in
  install | start | stop) "$1" ;;
  *)
    echo "usage: request_tracker.sh install | start | stop" >&2
    exit 2
    ;;
esac
