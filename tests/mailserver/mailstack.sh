#!/bin/bash
# mailstack.sh start|stop FOLDER
#
# A real mail server on 127.0.0.1 with its own configuration, queue and mailboxes in FOLDER: Postfix takes mail
# (submission with STARTTLS and login on $SUBMISSION, the same without STARTTLS on $PLAIN) and Dovecot keeps it (IMAP
# with TLS on $IMAPS). Nothing can leave the machine. Needs root; FOLDER must be reachable by every user. For Dovecot 2.3.
set -eu
command=$1
folder=$(realpath -m "$2")

start() {
  mkdir -p "$folder"/{pf,queue,state-pf,dc,run,mail,tls,state}
  chmod 755 "$folder"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$folder/tls/key.pem" -out "$folder/tls/cert.pem" 2>/dev/null
  chown mail:mail "$folder/mail"
  cat >"$folder/dc/users" <<END
robot@plan.test:{PLAIN}s3cret
anna@plan.test:{PLAIN}pw
ben@plan.test:{PLAIN}pw
END
  cat >"$folder/dc/dovecot.conf" <<END
base_dir = $folder/run
state_dir = $folder/state
log_path = $folder/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = yes
ssl_cert = <$folder/tls/cert.pem
ssl_key = <$folder/tls/key.pem
mail_location = maildir:$folder/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = username_format=%u $folder/dc/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$folder/mail/%u
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = $IMAPS
    ssl = yes
  }
}
service lmtp {
  unix_listener $folder/queue/private/dovecot-lmtp {
    mode = 0600
    user = postfix
  }
}
service auth {
  unix_listener $folder/queue/private/auth {
    mode = 0660
    user = postfix
  }
}
END
  cat >"$folder/pf/main.cf" <<END
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/state-pf
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.plan.test
mydestination =
mynetworks =
virtual_mailbox_domains = plan.test
virtual_mailbox_maps = texthash:$folder/pf/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
default_transport = error:outbound mail is disabled in tests
relay_transport = error:outbound mail is disabled in tests
alias_maps =
local_recipient_maps =
smtpd_tls_cert_file = $folder/tls/cert.pem
smtpd_tls_key_file = $folder/tls/key.pem
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sender_login_maps = texthash:$folder/pf/senders
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_timeout = 2s
maillog_file = $folder/postfix.log
maillog_file_prefixes = $folder
END
  printf 'anna@plan.test x\nben@plan.test x\n' >"$folder/pf/mailboxes"
  printf 'robot@plan.test robot@plan.test\n' >"$folder/pf/senders"
  cat >"$folder/pf/master.cf" <<END
127.0.0.1:$SUBMISSION inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
127.0.0.1:$PLAIN inet n - n - - smtpd
  -o smtpd_tls_security_level=none
  -o smtpd_sasl_auth_enable=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
END
  chown -R postfix "$folder/queue" "$folder/state-pf"
  chown root "$folder/queue"
  postfix -c "$folder/pf" check || true
  dovecot -c "$folder/dc/dovecot.conf"
  postfix -c "$folder/pf" start
}

stop() {
  postfix -c "$folder/pf" stop || true
  doveadm -c "$folder/dc/dovecot.conf" stop || true
}

"$command"
