# Deletes the CloudFormation stack that apply.sh made, and with it every rule of ours. A group
# that is still attached to an instance stays until it is detached; AWS says so.
#
# STACK names the stack (default: callgate).
set -eu
aws cloudformation delete-stack --stack-name "${STACK:-callgate}"
exec aws cloudformation wait stack-delete-complete --stack-name "${STACK:-callgate}"
