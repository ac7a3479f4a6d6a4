# A small fleet of data services and load balancers in moto, good and bad.
# usage: aws_moto_data.py URL CERT KEY; prints NAME ID for what moto names itself.
import io
import json
import sys
import zipfile

import boto3

url, certificate, private_key = sys.argv[1:]


def client(name):
    return boto3.client(
        name, region_name="us-east-1", endpoint_url=url,
        aws_access_key_id="AKIAEXHIBITMOTO00001",
        aws_secret_access_key="not-checked")


def named(name, ident):
    print(name, ident)
    return ident


def refuse_plain(action, *resources):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": action,
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]})


# keys
kms = client("kms")
app = kms.create_key()["KeyMetadata"]
named("app", app["KeyId"])
kms.enable_key_rotation(KeyId=app["KeyId"])
kms.create_alias(AliasName="alias/app", TargetKeyId=app["KeyId"])
named("still", kms.create_key()["KeyMetadata"]["KeyId"])
named("secp256k1", kms.create_key(
    KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"])
named("p384", kms.create_key(
    KeySpec="ECC_NIST_P384", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"])
going = named("going", kms.create_key()["KeyMetadata"]["KeyId"])
kms.schedule_key_deletion(KeyId=going)

# buckets
s3 = client("s3")
for bucket in "good", "half", "bare":
    s3.create_bucket(Bucket=bucket)
s3.put_bucket_encryption(
    Bucket="good", ServerSideEncryptionConfiguration={"Rules": [{
        "ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": app["Arn"]},
        "BucketKeyEnabled": True}]})
s3.put_bucket_encryption(
    Bucket="half", ServerSideEncryptionConfiguration={"Rules": [{
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})
block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls",
                       "BlockPublicPolicy", "RestrictPublicBuckets"), True)
s3.put_public_access_block(
    Bucket="good", PublicAccessBlockConfiguration=block)
s3.put_public_access_block(
    Bucket="half", PublicAccessBlockConfiguration=dict(
        block, RestrictPublicBuckets=False))
s3.put_bucket_policy(Bucket="good", Policy=refuse_plain(
    "s3:*", "arn:aws:s3:::good", "arn:aws:s3:::good/*"))
s3.put_bucket_policy(Bucket="half", Policy=refuse_plain(
    "s3:*", "arn:aws:s3:::half/*"))

# databases, file systems, caches, tables
rds = client("rds")
rds.create_db_parameter_group(
    DBParameterGroupName="pg-tls", DBParameterGroupFamily="postgres16",
    Description="TLS only")
rds.modify_db_parameter_group(DBParameterGroupName="pg-tls", Parameters=[{
    "ParameterName": "rds.force_ssl", "ParameterValue": "1",
    "ApplyMethod": "immediate"}])
login = dict(MasterUsername="u", MasterUserPassword="must-never-be-kept")
rds.create_db_instance(
    DBInstanceIdentifier="pg", Engine="postgres", AllocatedStorage=10,
    DBInstanceClass="db.t3.micro", StorageEncrypted=True,
    PubliclyAccessible=False, DBParameterGroupName="pg-tls", **login)
rds.create_db_instance(
    DBInstanceIdentifier="open", Engine="mysql", AllocatedStorage=10,
    DBInstanceClass="db.t3.micro", StorageEncrypted=False,
    PubliclyAccessible=True, **login)
rds.create_db_cluster(
    DBClusterIdentifier="aurora", Engine="aurora-mysql",
    StorageEncrypted=True, **login)
efs = client("efs")
sealed = efs.create_file_system(CreationToken="a", Encrypted=True)
named("sealed", sealed["FileSystemId"])
efs.put_file_system_policy(
    FileSystemId=sealed["FileSystemId"],
    Policy=refuse_plain("*", sealed["FileSystemArn"]))
named("plain", efs.create_file_system(
    CreationToken="b", Encrypted=False)["FileSystemId"])
cache = client("elasticache")
cache.create_replication_group(
    ReplicationGroupId="sessions", ReplicationGroupDescription="x",
    Engine="redis", TransitEncryptionEnabled=True,
    AtRestEncryptionEnabled=True)
cache.create_replication_group(
    ReplicationGroupId="open", ReplicationGroupDescription="x",
    Engine="redis", TransitEncryptionEnabled=False,
    AtRestEncryptionEnabled=False)
table = client("dynamodb")
for name, more in ("default", {}), ("own-key", {"SSESpecification": {
        "Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": app["KeyId"]}}):
    table.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        **more)

# queues, topics, images, logs, secrets, functions
sqs = client("sqs")
sqs.create_queue(QueueName="jobs", Attributes={
    "KmsMasterKeyId": "alias/app", "Policy": refuse_plain(
        "sqs:*", "arn:aws:sqs:us-east-1:123456789012:jobs")})
sqs.create_queue(QueueName="open", Attributes={"SqsManagedSseEnabled": "false"})
sns = client("sns")
sns.create_topic(Name="alarms", Attributes={"KmsMasterKeyId": "alias/app"})
sns.create_topic(Name="open")
ecr = client("ecr")
ecr.create_repository(repositoryName="shop/api", encryptionConfiguration={
    "encryptionType": "KMS", "kmsKey": app["Arn"]})
ecr.create_repository(repositoryName="default")
logs = client("logs")
logs.create_log_group(
    logGroupName="/aws/eks/prod/cluster", kmsKeyId=app["Arn"])
logs.put_retention_policy(
    logGroupName="/aws/eks/prod/cluster", retentionInDays=400)
logs.create_log_group(logGroupName="/aws/containerinsights/prod/host")
logs.put_retention_policy(
    logGroupName="/aws/containerinsights/prod/host", retentionInDays=30)
logs.create_log_group(logGroupName="/aws/lambda/thumbs")
secrets = client("secretsmanager")
secrets.create_secret(
    Name="app/db", SecretString="must-never-be-kept", KmsKeyId=app["KeyId"])
secrets.create_secret(Name="app/api", SecretString="must-never-be-kept")
role = client("iam").create_role(
    RoleName="fn", AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": []}))["Role"]["Arn"]
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("a.py", "def h(e, c): pass\n")
functions = client("lambda")
for name, variables, more in (
        ("defeated", {
            "AWS_ENDPOINT_URL":
                "https://u:must-never-be-kept@kms.us-east-1.amazonaws.com/x",
            "AWS_USE_FIPS_ENDPOINT": "true",
            "DB_PASSWORD": "must-never-be-kept"}, {}),
        ("fips", {"AWS_USE_FIPS_ENDPOINT": "true"},
         {"KMSKeyArn": app["Arn"]}),
        ("bare", {}, {})):
    functions.create_function(
        FunctionName=name, Runtime="python3.12", Role=role, Handler="a.h",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": variables}, **more)

# certificates, load balancers
with open(certificate, "rb") as c, open(private_key, "rb") as k:
    arn = client("acm").import_certificate(
        Certificate=c.read(), PrivateKey=k.read())["CertificateArn"]
named("certificate", arn)
ec2 = client("ec2")
vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]][:2]
elb = client("elbv2")


def balancer(name, kind):
    return elb.create_load_balancer(
        Name=name, Subnets=subnets, Type=kind)["LoadBalancers"][0][
            "LoadBalancerArn"]


def group(name, protocol):
    return elb.create_target_group(
        Name=name, Protocol=protocol, Port=80, VpcId=vpc)["TargetGroups"][0][
            "TargetGroupArn"]


def listen(to, port, protocol, target, policy=None, redirect=False):
    action = {"Type": "forward", "TargetGroupArn": target}
    if redirect:
        action = {"Type": "redirect", "RedirectConfig": {
            "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    more = {}
    if policy:
        more = {"SslPolicy": policy, "Certificates": [{"CertificateArn": arn}]}
    return elb.create_listener(
        LoadBalancerArn=to, Port=port, Protocol=protocol,
        DefaultActions=[action], **more)["Listeners"][0]["ListenerArn"]


web, net = balancer("web", "application"), balancer("net", "network")
http, tcp = group("http", "HTTP"), group("tcp", "TCP")
listen(web, 443, "HTTPS", http, "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04")
listen(web, 8443, "HTTPS", http, "ELBSecurityPolicy-2016-08")
listen(web, 8444, "HTTPS", http, "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04")
listen(web, 8445, "HTTPS", http, "ELBSecurityPolicy-TLS13-1-2-Res-2021-06")
listen(web, 80, "HTTP", http, redirect=True)
leaky = listen(web, 81, "HTTP", http, redirect=True)
elb.create_rule(
    ListenerArn=leaky, Priority=1,
    Conditions=[{"Field": "path-pattern", "Values": ["/old/*"]}],
    Actions=[{"Type": "forward", "TargetGroupArn": http}])
listen(web, 8080, "HTTP", http)
listen(net, 443, "TLS", tcp, "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04")
listen(net, 6443, "TCP", tcp)
client("elb").create_load_balancer(
    LoadBalancerName="old", AvailabilityZones=["us-east-1a"], Listeners=[{
        "Protocol": "HTTPS", "LoadBalancerPort": 443,
        "InstanceProtocol": "HTTP", "InstancePort": 80,
        "SSLCertificateId": arn}])

# what AWS records
trails = client("cloudtrail")
trails.create_trail(
    Name="main", S3BucketName="good", IsMultiRegionTrail=True,
    EnableLogFileValidation=True)
trails.put_event_selectors(TrailName="main", EventSelectors=[{
    "ReadWriteType": "All", "IncludeManagementEvents": True,
    "DataResources": []}])
trails.start_logging(Name="main")
trails.create_trail(Name="stopped", S3BucketName="good")
named("detector", client("guardduty").create_detector(
    Enable=True, Features=[
        {"Name": "EKS_AUDIT_LOGS", "Status": "ENABLED"}])["DetectorId"])
