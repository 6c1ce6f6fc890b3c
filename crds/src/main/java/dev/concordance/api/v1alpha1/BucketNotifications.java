package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where a bucket's events arrive. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BucketNotifications(
        @JsonPropertyDescription(
                "A queue of Amazon SQS, or with the same API, that gets the events ObjectCreated and ObjectRemoved of the"
                        + " bucket: from S3 itself, by SNS or by EventBridge. Messages are deleted as they are taken, so the"
                        + " queue has to be this source's alone.")
        @Required
        @Nullable
        Sqs sqs) {

    /** A queue. */
    @ValidationRule(
            value = "!has(self.queueUrl) || !self.queueUrl.matches('^https?://[^/]*@')",
            message = "take the credentials out of the URL: the queue is asked with those of the bucket",
            fieldPath = ".queueUrl")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Sqs(
            @JsonPropertyDescription(
                    "URL of the queue, which is asked at its host with the credentials of the bucket. Example:"
                            + " https://sqs.eu-central-1.amazonaws.com/123456789012/handbook-events")
            @Required
            @Size(min = 1, max = Rules.MAX_URL)
            @ValidationRule(
                    value = "self.matches('^https?://([^/]*@)?[-.A-Za-z0-9]+(:[0-9]{1,5})?(/[-_.A-Za-z0-9]+)+$')",
                    message = "write the URL of a queue, such as"
                            + " https://sqs.eu-central-1.amazonaws.com/123456789012/handbook-events")
            @Nullable
            String queueUrl,

            @JsonPropertyDescription(
                    "Region that requests to the queue are signed for. Default: that of the bucket. Example: eu-central-1")
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(
                    value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    message = "write a region, such as eu-central-1")
            @Nullable
            String region) {}
}
