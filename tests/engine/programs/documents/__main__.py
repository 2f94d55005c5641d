import json

import pulumi_aws as aws

bucket = aws.s3.Bucket("uploads")
for name, matcher in (("starts", {"startsWith": "in/"}), ("prefixed", {"prefix": "in/"})):
    key = {"source": ["aws.s3"], "detail": {"object": {"key": [matcher]}}}
    aws.cloudwatch.EventRule(name, event_pattern=json.dumps(key))
named = bucket.id.apply(lambda name: json.dumps({"detail": {"bucket": {"name": [{"prefx": name}]}}}))
aws.cloudwatch.EventRule("not-known-yet", event_pattern=named)

step = {"name": "wait", "action": "aws:sleep", "inputs": {"Duration": "{{ Pause }}"}}
for name, parameters in (("undeclared", {}), ("declared", {"Pause": {"type": "String"}})):
    content = {"schemaVersion": "0.3", "parameters": parameters, "mainSteps": [step]}
    aws.ssm.Document(name, document_type="Automation", content=json.dumps(content))
