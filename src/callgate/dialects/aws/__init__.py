"""Amazon Web Services: security groups out; groups, network ACLs and templates in."""

from callgate.dialects.aws.dialect import Aws
from callgate.dialects.aws.reading.reader import AwsReader

__all__ = ["Aws", "AwsReader"]
