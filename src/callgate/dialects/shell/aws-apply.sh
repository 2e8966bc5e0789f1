# Makes or updates the CloudFormation stack of the template beside this script. Nothing else
# in the account is touched; applying twice is applying once.
#
#   apply.sh [--check]          --check only lets AWS validate the template
#
# STACK names the stack (default: callgate). VPC is the id of the VPC, for a group of its own.
# The group is not attached to anything: add it to the instances that run the app.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
template=$here/callgate.template.json
case ${1:-} in
'') ;;
--check) exec aws cloudformation validate-template --template-body "file://$template" ;;
*)
	echo "callgate: usage: apply.sh [--check]" >&2
	exit 2
	;;
esac
set -- --stack-name "${STACK:-callgate}" --template-file "$template" --no-fail-on-empty-changeset
if [ -n "${VPC:-}" ]; then
	set -- "$@" --parameter-overrides "VpcId=$VPC"
fi
exec aws cloudformation deploy "$@"
