"""What an account or a template says, as chains of rules.

Theory of operation
-------------------
* A *security group* is a list of allows for each direction; whatever none of them takes is
  dropped. It is stateful: answers pass. Several groups on one interface add up; each is
  read as a way of its own, for nothing in a listing says where it is attached.
* A *network ACL* stands at a subnet, is asked in order of rule number, and is stateless: an
  answer must pass the list of the other direction. Number 32767 is AWS's own ``*``, a deny.
* A *CloudFormation template* holds both, with functions (``Ref``, ``Fn::…``) in place of
  values. What a function gives is not known here: the line becomes a condition.

Source: Amazon VPC User Guide, "Security group rules", "Network ACL rules"; EC2 API Reference,
IpPermission, NetworkAclEntry; CloudFormation Template Reference, AWS::EC2::SecurityGroup,
SecurityGroupEgress, SecurityGroupIngress, NetworkAcl, NetworkAclEntry.
"""
