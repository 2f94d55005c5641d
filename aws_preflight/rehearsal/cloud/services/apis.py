"""API Gateway and AppSync."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind

KINDS: Mapping[str, Kind] = {
    "aws:apigateway/deployment:Deployment": Kind(id="{lower:6}", outputs={"createdDate": "2026-01-01T00:00:00Z"}),
    "aws:apigateway/resource:Resource": Kind(id="{lower:6}", outputs={"path": "/{pathPart}"}),
    "aws:apigateway/restApi:RestApi": Kind(
        id="{lower:10}",
        named="name",
        outputs={
            "arn": "arn:aws:apigateway:{region}::/restapis/{lower:10}",
            "createdDate": "2026-01-01T00:00:00Z",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{lower:10}",
            "rootResourceId": "{lower:10/root}",
        },
    ),
    "aws:apigateway/stage:Stage": Kind(
        id="ags-{restApi}-{stageName}",
        outputs={
            "arn": "arn:aws:apigateway:{region}::/restapis/{restApi}/stages/{stageName}",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{restApi}/{stageName}",
            "invokeUrl": "https://{restApi}.execute-api.{region}.amazonaws.com/{stageName}",
        },
    ),
    "aws:apigatewayv2/api:Api": Kind(
        id="{lower:10}",
        named="name",
        outputs={
            "apiEndpoint": "https://{lower:10}.execute-api.{region}.amazonaws.com",
            "arn": "arn:aws:apigateway:{region}::/apis/{lower:10}",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{lower:10}",
        },
    ),
    "aws:apigatewayv2/stage:Stage": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:apigateway:{region}::/apis/{apiId}/stages/{name}",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{apiId}/{name}",
            "invokeUrl": "https://{apiId}.execute-api.{region}.amazonaws.com/{name}",
        },
    ),
    "aws:appsync/graphQLApi:GraphQLApi": Kind(
        id="{lower:26}",
        named="name",
        outputs={
            "arn": "arn:aws:appsync:{region}:{account}:apis/{lower:26}",
            "uris": {
                "GRAPHQL": "https://{lower:26}.appsync-api.{region}.amazonaws.com/graphql",
                "REALTIME": "wss://{lower:26}.appsync-realtime-api.{region}.amazonaws.com/graphql",
            },
        },
    ),
}
